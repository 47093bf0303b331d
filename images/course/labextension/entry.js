// JupyterLab's way in: the plugin, and the container that its loader of extensions asks for.

const SCHEMA = 'https://airina.africa/events/course';
const NAME = 'airina-course';
const NARROW = 600; // pixels: a phone

class Course {
  constructor(lab) {
    this.lab = lab;
    this.notices = new Notices(lab);
    this.toldLive = new Set();
    this.catchUp = this.catchUp.bind(this);
  }

  start() {
    const { app } = this.lab;
    watchEditors(this.lab);
    app.serviceManager.events.stream.connect((_, event) => {
      if (event.schema_id === SCHEMA) {
        this.toldLive.add(event.id);
        this.take(event);
      }
    });
    void app.restored.then(() => {
      this.makeRoom();
      return this.catchUp();
    });
    // What came while the link was gone came to nobody; the browser notices some gaps, people the others.
    window.addEventListener('online', this.catchUp);
    window.addEventListener('focus', this.catchUp);
    document.addEventListener('visibilitychange', () => document.hidden || this.catchUp());
  }

  // On a phone the panels beside it leave nothing of the notebook; their icons bring them back.
  makeRoom() {
    if (window.innerWidth < NARROW) {
      this.lab.app.shell.collapseLeft();
      this.lab.app.shell.collapseRight();
    }
  }

  // What came while no JupyterLab was listening. What has come live as well is shown once.
  async catchUp() {
    const answer = await this.ask('news', {});
    if (answer?.ok) {
      const { events } = await answer.json();
      events.filter(event => !this.toldLive.has(event.id)).forEach(event => this.take(event));
      this.toldLive.clear();
    }
  }

  take(event) {
    if (event.kind === 'save') {
      void saveCourse(this.lab).then(() =>
        this.ask('saved', { method: 'POST', body: JSON.stringify({ id: event.id }) })
      );
    } else if (event.kind === 'arrived') {
      this.notices.arrived(event);
      this.bringIn(event.paths);
    } else if (event.kind === 'announcement') {
      this.notices.announced(event);
    }
  }

  bringIn(paths) {
    for (const [context, widgets] of openDocuments(this.lab)) {
      if (paths.includes(context.localPath)) {
        refresh(this.lab, context, widgets).then(
          isNew => isNew || this.notices.leftAlone(context),
          () => {} // the file could not be fetched: the next save finds that it has changed, and asks
        );
      }
    }
  }

  // A server that does not answer is said by JupyterLab itself.
  ask(what, init) {
    const { baseUrl } = this.lab.settings;
    const { makeRequest } = this.lab.ServerConnection;
    return makeRequest(`${baseUrl}course/${what}`, init, this.lab.settings).catch(() => null);
  }
}

let sharedScope;

// A package of the running JupyterLab: the one copy that everybody in it uses.
async function shared(name) {
  const [version] = Object.values(sharedScope[name]);
  return (await version.get())();
}

async function plugin() {
  const [{ Dialog, Notification, showDialog }, { IDocumentManager }, { ServerConnection }] =
    await Promise.all(
      ['@jupyterlab/apputils', '@jupyterlab/docmanager', '@jupyterlab/services'].map(shared)
    );
  return {
    id: `${NAME}:plugin`,
    autoStart: true,
    requires: [IDocumentManager],
    activate: (app, documentManager) => {
      const { contents, serverSettings: settings } = app.serviceManager;
      const jupyter = { Dialog, Notification, ServerConnection, showDialog };
      new Course({ app, contents, documentManager, settings, ...jupyter }).start();
    }
  };
}

window._JUPYTERLAB = window._JUPYTERLAB ?? {};
window._JUPYTERLAB[NAME] = {
  init: scope => {
    sharedScope = scope;
  },
  get: async () => {
    const made = await plugin();
    return () => ({ __esModule: true, default: made });
  }
};
