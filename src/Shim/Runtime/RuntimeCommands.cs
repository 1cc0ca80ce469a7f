using ShimStack.Shim.State;

namespace ShimStack.Shim.Runtime;

/// <summary>What <c>create</c> needs.</summary>
internal sealed record CreateCommand(string Id, string Bundle, string PidFile, string? ConsoleSocket, ChildStdio? Stdio);

/// <summary>What <c>restore</c> needs besides: where the checkpoint is, its parent if it has one, and criu's folder for logs.</summary>
internal sealed record RestoreSource(string Image, string Parent, string Work)
{
    public static RestoreSource? From(CheckpointRecord? record) =>
        record is null ? null : new RestoreSource(record.Image, record.Parent, record.Work);

    public CheckpointRecord ToRecord() => new() { Image = Image, Parent = Parent, Work = Work };
}

/// <summary>What <c>checkpoint</c> needs.</summary>
internal sealed record CheckpointCommand(string Id, string Image, string Work, Api.Runc.CheckpointOptions Options);

/// <summary>What <c>exec</c> needs; <paramref name="ProcessSpec"/> is the OCI process document as JSON.</summary>
internal sealed record ExecCommand(
    string Id, string PidFile, ReadOnlyMemory<byte> ProcessSpec, string? ConsoleSocket, ChildStdio? Stdio);
