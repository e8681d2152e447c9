"""From nodes with lines to frozen typed objects, one module per noun. Every problem is collected."""
