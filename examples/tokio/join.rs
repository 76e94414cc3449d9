// SPDX-License-Identifier: MIT

use tokio::time::{sleep, Duration};

async fn work(result: &str) -> &str {
    sleep(Duration::from_secs(1)).await;
    result
}

#[tokio::main]
async fn main() {
    let (task1, task2) =
        tokio::join!(work("Task 1 complete"), work("Task 2 complete"));
    println!("{task1}");
    println!("{task2}");
}
