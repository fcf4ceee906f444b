-- Service status of :tenant: its products and their parts, an incident, maintenance to
-- come, and what is over.
begin;
select auth.set_context(t.tenant_id, null, null, min(p.id), null, 3::smallint, '{}', false)
  from app.tenants t join app.people p on p.tenant_id = t.tenant_id and p.rank = 3
  where t.slug = :'tenant' group by t.tenant_id \g /dev/null

insert into app.components (tenant_id, id, parent_id, position, names)
  select auth.tenant_id(), n, parent, n, app.eight_texts(name)
  from (values
    ('griffel', 1, null, 'Learning platform|Lernplattform|Plateforme d’apprentissage|Plataforma de aprendizaje|Piattaforma didattica|Plataforma de ensino|Lärplattform|学習プラットフォーム'),
    ('griffel', 2, 1, 'Sign-in|Anmeldung|Connexion|Inicio de sesión|Accesso|Acesso|Inloggning|ログイン'),
    ('griffel', 3, 1, 'Reports and certificates|Berichte und Zeugnisse|Rapports et bulletins|Informes y boletines|Pagelle e certificati|Relatórios e boletins|Rapporter och betyg|レポートと通知表'),
    ('griffel', 4, null, 'Mobile app|App fürs Telefon|Application mobile|Aplicación móvil|App per telefono|Aplicativo|Mobilapp|モバイルアプリ'),
    ('klangtal', 1, null, 'Telephony|Telefonie|Téléphonie|Telefonía|Telefonia|Telefonia|Telefoni|電話'),
    ('klangtal', 2, 1, 'Calls to mobile phones|Gespräche zu Mobiltelefonen|Appels vers les mobiles|Llamadas a móviles|Chiamate ai cellulari|Ligações para celulares|Samtal till mobiler|携帯電話への通話'),
    ('klangtal', 3, 1, 'Desk phones|Tischtelefone|Postes fixes|Teléfonos de mesa|Telefoni da tavolo|Telefones de mesa|Bordstelefoner|卓上電話機'))
    v (tenant, n, parent, name)
  where v.tenant = :'tenant';

insert into app.incidents (tenant_id, id, kind, impact, state, titles, components, starts_at, ends_at, postmortems)
  select auth.tenant_id(), n, kind, impact, state, app.eight_texts(title), components, now() + starts, now() + ends, coalesce(app.eight_texts(why), '{}')
  from (values
    ('griffel', 1, 'incident', 1, 2, 'Reports as PDF take longer|PDF-Berichte brauchen länger|Les bulletins PDF prennent plus de temps|Los informes PDF tardan más|Le pagelle in PDF richiedono più tempo|Relatórios em PDF demoram mais|PDF-rapporter tar längre tid|PDF の作成に時間がかかっています', '{3}'::bigint[], interval '-2 hours', null::interval, null),
    ('griffel', 2, 'maintenance', 1, null, 'Sign-in pauses for a few minutes|Die Anmeldung pausiert einige Minuten|La connexion s’interrompt quelques minutes|El inicio de sesión se interrumpe unos minutos|L''accesso si ferma per qualche minuto|O acesso para por alguns minutos|Inloggningen pausar några minuter|ログインが数分間停止します', '{2}', '3 days', '3 days 1 hour', null),
    ('griffel', 3, 'incident', 2, 4, 'Sign-in was slow|Die Anmeldung war langsam|La connexion était lente|El inicio de sesión era lento|L''accesso era lento|O acesso estava lento|Inloggningen var långsam|ログインに時間がかかりました', '{2}', '-3 days', '-2 days -22 hours',
      'A certificate check waited for a server that did not answer. It now goes on without it after a second.|Eine Zertifikatsprüfung wartete auf einen Server, der nicht antwortete. Sie macht jetzt nach einer Sekunde ohne ihn weiter.|Une vérification de certificat attendait un serveur qui ne répondait pas. Elle continue désormais sans lui après une seconde.|Una comprobación de certificados esperaba a un servidor que no respondía. Ahora continúa sin él tras un segundo.|Un controllo dei certificati aspettava un server che non rispondeva. Ora dopo un secondo prosegue senza.|Uma verificação de certificado esperava por um servidor que não respondia. Agora ela continua sem ele após um segundo.|En certifikatkontroll väntade på en server som inte svarade. Nu fortsätter den utan den efter en sekund.|応答しないサーバーを証明書の確認が待ち続けていました。現在は1秒で先へ進みます。'),
    ('klangtal', 1, 'incident', 2, 1, 'Calls to mobile phones break off|Gespräche zu Mobiltelefonen brechen ab|Les appels vers les mobiles sont coupés|Se cortan las llamadas a móviles|Le chiamate ai cellulari si interrompono|Ligações para celulares caem|Samtal till mobiltelefoner bryts|携帯電話への通話が切れます', '{2}', '-40 minutes', null, null),
    ('klangtal', 2, 'maintenance', 1, null, 'New firmware for the desk phones|Neue Firmware für die Tischtelefone|Nouveau micrologiciel des postes fixes|Nuevo firmware para los teléfonos de mesa|Nuovo firmware per i telefoni da tavolo|Novo firmware dos telefones de mesa|Ny programvara i bordstelefonerna|卓上電話機のファームウェア更新', '{3}', '5 days', '5 days 4 hours', null))
    v (tenant, n, kind, impact, state, title, components, starts, ends, why)
  where v.tenant = :'tenant';

insert into app.incident_updates (tenant_id, incident_id, n, state, texts, author_id, said_at)
  select auth.tenant_id(), incident, n, state, app.eight_texts(said), auth.person_id(), now() + at
  from (values
    ('griffel', 1, 1, 1, 'We are looking for the cause.|Wir suchen die Ursache.|Nous cherchons la cause.|Buscamos la causa.|Stiamo cercando la causa.|Estamos procurando a causa.|Vi letar efter orsaken.|原因を調べています。', interval '-2 hours'),
    ('griffel', 1, 2, 2, 'They are made, but it can take ten minutes.|Sie werden erstellt, doch es kann zehn Minuten dauern.|Ils sont produits, mais cela peut prendre dix minutes.|Se generan, pero pueden tardar diez minutos.|Vengono create, ma possono servire dieci minuti.|Eles são gerados, mas podem levar dez minutos.|De skapas, men det kan ta tio minuter.|作成はされますが、10分ほどかかることがあります。', '-80 minutes'),
    ('griffel', 2, 1, null, 'You can go on working while it lasts; only new sign-ins wait.|Sie können währenddessen weiterarbeiten; nur neue Anmeldungen warten.|Vous pouvez continuer à travailler ; seules les nouvelles connexions attendent.|Puede seguir trabajando; solo esperan los nuevos inicios de sesión.|Nel frattempo si può continuare a lavorare; attendono solo i nuovi accessi.|É possível continuar trabalhando; só os novos acessos esperam.|Det går att arbeta vidare under tiden; bara nya inloggningar får vänta.|実施中も作業を続けられます。新しいログインだけお待ちいただきます。', '-1 day'),
    ('griffel', 3, 1, 4, 'It works as usual again.|Es läuft wieder wie gewohnt.|Tout fonctionne de nouveau normalement.|Ya funciona como siempre.|Funziona di nuovo come al solito.|Voltou a funcionar normalmente.|Det fungerar som vanligt igen.|通常どおりに戻りました。', '-2 days -22 hours'),
    ('klangtal', 1, 1, 1, 'One carrier has a fault. Calls go another way, where we can choose it.|Ein Netzbetreiber hat eine Störung. Wir leiten um, wo wir können.|Un opérateur est en panne. Nous dévions les appels où nous le pouvons.|Un operador tiene una avería. Desviamos las llamadas donde podemos.|Un operatore ha un guasto. Deviamo le chiamate dove possiamo.|Uma operadora está com falha. Desviamos as ligações onde podemos.|En operatör har ett fel. Vi leder om samtalen där vi kan.|通信事業者1社で障害が発生しています。可能な通話は迂回させています。', '-40 minutes'),
    ('klangtal', 2, 1, null, 'Each phone restarts once, for about two minutes.|Jedes Telefon startet einmal neu, etwa zwei Minuten lang.|Chaque poste redémarre une fois, environ deux minutes.|Cada teléfono se reinicia una vez, unos dos minutos.|Ogni telefono si riavvia una volta, per circa due minuti.|Cada telefone reinicia uma vez, por cerca de dois minutos.|Varje telefon startar om en gång, ungefär två minuter.|各電話機が一度、約2分間再起動します。', '-1 day'))
    v (tenant, incident, n, state, said, at)
  where v.tenant = :'tenant';
commit;
