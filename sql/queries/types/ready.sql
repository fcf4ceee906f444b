-- Makes the ready-made problem report.
-- => json
-- writes
select app.make_ready_form()
