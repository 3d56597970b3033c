# The same names as ./dev, for fingers that type make. Everything is in ./dev.
.PHONY: demo test bench install format tidy fuzz asan tsan packages help
.DEFAULT_GOAL := help
demo test bench install format tidy fuzz asan tsan packages help:
	@./dev $@ $(ARGS)
