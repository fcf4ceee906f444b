-- The rate limits begin anew.
-- => void
-- writes
select auth.operator_forget()
