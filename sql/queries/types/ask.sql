-- Puts a field into its form, or changes how it is asked there; the condition {} is
-- none.
-- => json
-- writes
-- :type path text 1..40
-- :field body text 1..40
-- :required body boolean?
-- :weight body smallint? 0..10
-- :condition body jsonb? 0..8000b
select app.save_type_field(:'type', :'field', :'required', :'weight', :'condition')
