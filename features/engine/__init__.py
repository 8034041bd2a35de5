"""How a declaration is computed: the grammar, Polars for many clients, plain numbers for one."""
