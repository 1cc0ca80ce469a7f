namespace ShimStack.Shim.Runtime;

/// <summary>What <c>create</c> needs.</summary>
internal sealed record CreateCommand(string Id, string Bundle, string PidFile, string? ConsoleSocket, ChildStdio? Stdio);

/// <summary>What <c>exec</c> needs; <paramref name="ProcessSpec"/> is the OCI process document as JSON.</summary>
internal sealed record ExecCommand(
    string Id, string PidFile, ReadOnlyMemory<byte> ProcessSpec, string? ConsoleSocket, ChildStdio? Stdio);
