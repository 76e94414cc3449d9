// SPDX-License-Identifier: MIT

use futures::future::try_join_all;
use tokio::time::{sleep, Duration};

async fn fetch_user(id: u32) -> Result<u32, String> {
    sleep(Duration::from_millis(100)).await;
    if id == 0 {
        return Err("nobody is number 0".to_string());
    }
    Ok(id)
}

#[tokio::main]
async fn main() -> Result<(), String> {
    let users = try_join_all((1..=5).map(fetch_user)).await?;
    println!("Fetched {} users", users.len());
    Ok(())
}
