// SPDX-License-Identifier: MIT

use tokio::sync::{mpsc, oneshot};

#[derive(Debug)]
enum Message {
    Increment,
    Decrement,
    GetValue(oneshot::Sender<i32>),
}

struct Actor {
    mailbox: mpsc::Receiver<Message>,
    value: i32,
}

impl Actor {
    fn new(mailbox: mpsc::Receiver<Message>) -> Actor {
        Actor { mailbox, value: 0 }
    }

    async fn run(mut self) {
        while let Some(message) = self.mailbox.recv().await {
            match message {
                Message::Increment => self.value += 1,
                Message::Decrement => self.value -= 1,
                Message::GetValue(respond) => {
                    let _ = respond.send(self.value);
                }
            }
        }
    }
}

#[tokio::main]
async fn main() {
    let (tx, mailbox) = mpsc::channel(32);
    let actor = tokio::spawn(Actor::new(mailbox).run());
    tx.send(Message::Increment).await.unwrap();
    tx.send(Message::Increment).await.unwrap();
    tx.send(Message::Decrement).await.unwrap();
    let (respond, answer) = oneshot::channel();
    tx.send(Message::GetValue(respond)).await.unwrap();
    drop(tx);
    println!("Value: {}", answer.await.unwrap());
    actor.await.unwrap();
}
