namespace ShimStack.Shim.Stdio.Logs;

/// <summary>What a <c>file://</c> URI names.</summary>
internal sealed record LogTarget(string Path, LogOptions Options);
