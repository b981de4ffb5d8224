// The built-in case: the expulsions between the United States and Russia, 2016-2025.
CREATE (:Country {id: 'c-us', name: 'United States', code: 'us'});
CREATE (:Country {id: 'c-ru', name: 'Russia', code: 'ru'});
