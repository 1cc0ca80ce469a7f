namespace ShimStack.Native.Processes;

/// <summary>A file is no build that we would run. The message is one sentence that names it and the reason.</summary>
public sealed class BuildFileException(string message, Exception? inner = null) : Exception(message, inner);
