-- Takes a field out of its form.
-- => json
-- writes
-- :type path text 1..40
-- :field path text 1..40
select app.remove_type_field(:'type', :'field')
