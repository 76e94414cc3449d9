// SPDX-License-Identifier: MIT

use std::sync::Arc;
use tokio::sync::Mutex;

async fn add_one(counter: Arc<Mutex<i32>>) {
    *counter.lock().await += 1;
}

#[tokio::main]
async fn main() {
    let counter = Arc::new(Mutex::new(0));
    let mut handles = vec![];
    for _ in 0..10 {
        handles.push(tokio::spawn(add_one(counter.clone())));
    }
    for handle in handles {
        handle.await.unwrap();
    }
    println!("Result: {}", *counter.lock().await);
}
