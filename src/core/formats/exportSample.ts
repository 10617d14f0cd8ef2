import type { Sample } from '../dataset/sample';
import type { FrameBox } from '../dataset/row';
import type { ImageSize } from '../geometry/boxFrame';
import type { StageKind } from '../project/project';
import type { JsonObject } from '../parsedLine';

export type Split = 'train' | 'heldOut';

/** An image of a sample that is exported. */
export interface ExportImage {
  /** Absolute path of the file as it is. */
  readonly file: string;
  /** What is written for it: a path as the trainer is to open it. */
  readonly name: string;
  /** After EXIF rotation. */
  readonly size: ImageSize;
  /** Whether its EXIF data ask for a rotation that many loaders do not make. */
  readonly isTurned: boolean;
  /** Its bytes as base64, where the file holds them itself. */
  readonly base64?: string;
}

export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

/** A sample on its way out; its boxes in pixels of the original image. */
export interface ExportSample extends Omit<Sample, 'images'> {
  /** The user's turn: the problem, or the project's prompt made of it. */
  readonly prompt: string;
  readonly images: readonly ExportImage[];
  /** Turns of a warm-up row; such a row needs no problem and no answer. */
  readonly messages?: readonly ChatMessage[];
  /** Fields that are not ours, kept as they are. */
  readonly extra: JsonObject;
  readonly stage: StageKind;
  readonly split: Split;
  /** Place in its file as written, from 0. */
  readonly index: number;
}

export interface EncodedBox {
  readonly label: string;
  readonly bbox: FrameBox;
}

/** A sample whose boxes, and the boxes that its answer says, are in the frame of the model. */
export interface EncodedSample extends Omit<ExportSample, 'boxes'> {
  readonly boxes: readonly EncodedBox[];
}
