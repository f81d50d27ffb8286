/** What a thread of its own runs to read long lists of endpoints. */
import { answerQuestion } from '../../model/own-thread.ts';
import { type FilesOfPath, listedIn } from './listed-files.ts';

answerQuestion((files: FilesOfPath) => listedIn(files));
