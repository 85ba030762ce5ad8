/** Passes values on to whoever listens at the moment, in the order in which they are told. */
export interface Emitter<T> {
  emit(value: T): void;
  /** Returns the way to stop listening. */
  subscribe(listener: (value: T) => void): () => void;
}

export function createEmitter<T>(): Emitter<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    emit(value) {
      for (const listener of listeners) listener(value);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
