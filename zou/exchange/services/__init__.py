"""What imports write."""
