"""HTTP and sockets: addresses, status codes and streams. No decisions; those are made in actions."""
