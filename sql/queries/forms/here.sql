-- The forms that new tickets may be opened by here, and what they ask.
-- => json
-- reads
select app.forms_here()
