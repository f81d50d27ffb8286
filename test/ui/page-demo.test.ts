import { inBrowser } from './in-browser.ts';
import { completionSuite } from './suites/completion.ts';
import { demoSuite } from './suites/demo.ts';
import { editorSuite } from './suites/editor.ts';
import { manySeriesSuite } from './suites/many-series.ts';

// What is typed, and what the demo shows. The other suites are in page-answers.test.ts: two files run beside each other.
inBrowser('the page as it is used', [completionSuite, demoSuite, editorSuite, manySeriesSuite]);
