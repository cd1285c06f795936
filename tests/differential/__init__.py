"""The differential test: random programs are checked as source, and as the models that Keras builds from them."""
