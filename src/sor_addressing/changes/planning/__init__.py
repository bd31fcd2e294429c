"""What if: what plans of registrations would do to letters, receipts, numbers and remarks."""
