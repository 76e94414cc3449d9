// SPDX-License-Identifier: MIT

use tokio::time::{sleep, Duration};

async fn async_operation() {
    println!("Operation started");
    sleep(Duration::from_secs(1)).await;
    println!("Operation completed");
}

#[tokio::main]
async fn main() {
    println!("Starting");
    async_operation().await;
    println!("Done");
}
