// Open documents: which there are, and what in them is not on the disk.

const COURSE = 'course/';
const EDITORS = ['Notebook', 'Editor'];
// A save that has taken longer waits for the person, or for a link that is gone.
const SAVE_MILLISECONDS = 5000;

// Of every document that can be written in: its saves, the end of the last one, and, of a notebook,
// what it was when it was last the same as its file.
const watched = new WeakMap();

function watchEditors(lab) {
  for (const name of EDITORS) {
    lab.app.docRegistry.addWidgetExtension(name, {
      createNew: (_, context) => {
        if (!watched.has(context)) {
          watch(context);
        }
      }
    });
  }
}

// JupyterLab calls a document saved when a save ends, also what was typed while the save was under
// way. Such a document is not: it would lose those characters to a reload.
function watch(context) {
  const { model } = context;
  const content = () => ('cells' in model ? model.toJSON() : null);
  const state = { saves: 0, saved: Promise.resolve(), base: null };
  let changes = 0;
  let inFile = {};
  let end = () => {};
  watched.set(context, state);
  void context.ready.then(() => {
    state.base = content();
  });
  model.contentChanged.connect(() => {
    changes += 1;
  });
  context.saveState.connect((_, phase) => {
    if (phase === 'started') {
      inFile = { changes, content: content() };
      state.saved = new Promise(resolve => {
        end = resolve;
      });
      return;
    }
    if (phase === 'completed') {
      state.saves += 1;
      state.base = inFile.content;
      model.dirty = changes !== inFile.changes;
    }
    end();
  });
}

async function lastSave(context) {
  const patience = new Promise(resolve => setTimeout(resolve, SAVE_MILLISECONDS));
  await Promise.race([watched.get(context)?.saved, patience]);
}

// Every open document, with the widgets that show it.
function openDocuments(lab) {
  const documents = new Map();
  for (const widget of lab.app.shell.widgets('main')) {
    const context = lab.documentManager.contextForWidget(widget);
    if (context) {
      documents.set(context, [...(documents.get(context) ?? []), widget]);
    }
  }
  return documents;
}

// Saves what is unsaved in the course. Where the file has changed under a document, a save would put
// a question in front of a person who is writing: that one waits for the person's own save.
async function saveCourse(lab) {
  const unsaved = [...openDocuments(lab).keys()].filter(
    context => context.localPath.startsWith(COURSE) && context.model.dirty && context.canSave
  );
  await Promise.allSettled(
    unsaved.map(async context => {
      const file = await lab.contents.get(context.path, { content: false, hash: true });
      if (file.hash === context.contentsModel.hash) {
        await context.save();
      }
    })
  );
}

// A save that the person asked for: JupyterLab shows its own questions and errors.
function saveAloud(context) {
  context.save().catch(() => {});
}
