/** What a new book begins with, in the order of ids from 1. */
export const sampleRecipes: readonly { readonly name: string; readonly ingredients: string }[] = [
  { name: 'Elixir of Invisibility', ingredients: 'Moon dust, shadow essence' },
  { name: 'Draught of Clear Sight', ingredients: 'Eagle feather, morning dew, powdered quartz' },
  { name: 'Philtre of Patience', ingredients: 'Snail shell, willow bark, three slow breaths' },
  { name: 'Tonic of True Names', ingredients: 'Raven ink, birch parchment, a whispered word' },
  { name: 'Salve of Mended Bonds', ingredients: 'Beeswax, spider silk, honey' },
];
