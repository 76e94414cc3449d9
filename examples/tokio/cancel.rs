// SPDX-License-Identifier: MIT

use tokio::time::{sleep, Duration};

struct Held;

impl Drop for Held {
    fn drop(&mut self) {
        println!("The task gives back what it holds");
    }
}

async fn long_running() {
    let _held = Held;
    sleep(Duration::from_secs(60)).await;
}

#[tokio::main]
async fn main() {
    let mut operation = tokio::spawn(long_running());
    tokio::select! {
        _ = &mut operation => println!("Operation completed"),
        _ = sleep(Duration::from_millis(500)) => {
            println!("Cancelled");
            operation.abort();
            println!("It ended: {}", operation.await.unwrap_err());
        }
    }
}
