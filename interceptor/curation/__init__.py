"""What curators do with lists before anybody relies on them."""
