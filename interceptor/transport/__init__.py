"""How sealed lists travel: a curator's repository under The Update Framework, and the client that fetches from it."""
