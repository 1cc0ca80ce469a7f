int shimstack_placeholder(void) { return 0; }
