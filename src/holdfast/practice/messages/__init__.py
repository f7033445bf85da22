"""What goes out: rows of an outbox, written in the transaction of what they tell of, and sent by a worker."""
