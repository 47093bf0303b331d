// What a person is told, and in which language. JupyterLab's own notifications: they leave the focus
// where it is and are alerts to a screen reader.

// JupyterLab cuts a notification's text after so many characters.
const SHOWN_CHARACTERS = 140;
// Long enough to be read twice; afterwards it is still in the list behind the bell.
const ARRIVAL_MILLISECONDS = 20000;

function say(key, name = '') {
  const language = document.documentElement.lang.startsWith('fr') ? 'fr' : 'en';
  return TEXTS[key][language].replace('%1', name);
}

class Notices {
  constructor(lab) {
    this.lab = lab;
    // Of this person: several may use one browser, one after the other.
    this.memory = `airina-course:${lab.settings.baseUrl}:announcements`;
    this.unsaved = new Map();
  }

  arrived(event) {
    const { commands } = this.lab.app;
    const open = {
      label: say('open'),
      displayType: 'accent',
      callback: () => void commands.execute('docmanager:open', { path: event.open })
    };
    this.show('info', event.text, ARRIVAL_MILLISECONDS, event.open ? [open] : []);
  }

  announced(event) {
    const shown = JSON.parse(sessionStorage.getItem(this.memory) ?? '[]');
    if (!shown.includes(event.id)) {
      sessionStorage.setItem(this.memory, JSON.stringify([...shown, event.id]));
      this.show('info', event.text, false, []);
    }
  }

  // One notice for one document, however often it is corrected before the person saves.
  leftAlone(context) {
    this.lab.Notification.dismiss(this.unsaved.get(context.path) ?? 'none');
    const save = { label: say('save'), displayType: 'accent', callback: () => saveAloud(context) };
    const text = say('unsaved', context.localPath.split('/').pop());
    this.unsaved.set(context.path, this.show('warning', text, false, [save]));
  }

  show(type, text, autoClose, actions) {
    if (text.length > SHOWN_CHARACTERS) {
      actions = [...actions, { label: say('read'), callback: event => this.showWhole(event, text) }];
    }
    return this.lab.Notification.emit(text, type, { autoClose, actions });
  }

  showWhole(event, text) {
    event.preventDefault(); // otherwise the notification closes
    const { Dialog, showDialog } = this.lab;
    const buttons = [Dialog.okButton({ label: say('close') })];
    void showDialog({ title: say('course'), body: text, buttons });
  }
}
