// SPDX-License-Identifier: MIT

use tokio::time::{sleep, timeout, Duration};

async fn slow_operation() -> &'static str {
    sleep(Duration::from_secs(5)).await;
    "Complete"
}

#[tokio::main]
async fn main() {
    match timeout(Duration::from_secs(2), slow_operation()).await {
        Ok(result) => println!("Result: {result}"),
        Err(_) => println!("Operation timed out"),
    }
}
