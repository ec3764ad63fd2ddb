import { type Type, under } from './types.ts';

// runtime/sizeclasses.go of go1.26: what the allocator rounds up to.
const SIZE_CLASSES = [
  8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352,
  384, 416, 448, 480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304,
  2688, 3072, 3200, 3456, 4096, 4864, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880,
  12288, 13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768,
];
const PAGE = 8192;
const THRESHOLD = 256;
const WORD = 8;

interface Size {
  readonly size: number;
  readonly align: number;
}

/** Size and alignment of a type's values on 64-bit machines. */
function sizeOf(type: Type, depth = 0): Size {
  const below = under(type);
  if (depth > 20) return { size: WORD, align: WORD };
  switch (below.kind) {
    case 'basic': {
      if (below.class === 'string') return { size: 16, align: WORD };
      if (below.class === 'bool') return { size: 1, align: 1 };
      const size = Math.max(1, below.bits / 8);
      return { size, align: Math.min(size, WORD) };
    }
    case 'slice':
      return { size: 24, align: WORD };
    case 'interface':
      return { size: 16, align: WORD };
    case 'array': {
      const one = sizeOf(below.element, depth + 1);
      return { size: one.size * below.length, align: one.align };
    }
    case 'struct': {
      let at = 0;
      let most = 1;
      for (const field of below.fields) {
        const { size, align } = sizeOf(field.type, depth + 1);
        at = Math.ceil(at / align) * align + size;
        most = Math.max(most, align);
      }
      return { size: Math.ceil(at / most) * most, align: most };
    }
    default:
      return { size: WORD, align: WORD };
  }
}

function roundUp(size: number): number {
  if (size <= 32768 - 8 || size <= 32768) {
    const found = SIZE_CLASSES.find((one) => one >= size);
    if (found !== undefined) return found;
  }
  return Math.ceil(size / PAGE) * PAGE;
}

/** The capacity that append makes when there is no room: runtime.growslice. */
export function grownCapacity(element: Type, before: number, wanted: number): number {
  let capacity = before;
  if (wanted > before * 2) capacity = wanted;
  else if (before < THRESHOLD) capacity = before * 2;
  else while (capacity < wanted) capacity += Math.floor((capacity + 3 * THRESHOLD) / 4);
  const { size } = sizeOf(element);
  if (size === 0) return wanted;
  return Math.floor(roundUp(capacity * size) / size);
}
