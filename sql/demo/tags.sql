-- What agents call some of the tickets among themselves.
insert into app.ticket_tags (tenant_id, ticket_id, tag)
  select t.tenant_id, t.id, w.tag from app.tickets t
  join (values ('sign-in', 'sign in|Inlogg|Login|accesso|ログイン'), ('billing', 'Faktur|Fattur|Preventivo'), ('import & export', 'CSV|[Ii]mport|Export|stops'),
    ('print', 'druck'), ('phone numbers', 'ummer|内線|Numero|numero|Interno'), ('new school year', 'anno scorso|Schuljahr|modersmål'), ('緊急', '非常|squilla$|Coda piena')) w (tag, title)
    on t.title ~ w.title
  where t.at_desk;
