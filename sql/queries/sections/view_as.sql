-- What somebody else finds: a visitor, a role, or a person at a portal.
-- => json
-- reads
-- :portal query bigint
-- :role query text? visitor|member|main_user|portal_admin|account_admin|partner
-- :person query bigint?
-- :section query bigint?
-- :article query bigint?
select app.view_as(:'portal', coalesce(:'role', 'visitor'), :'person', :'section', :'article')
