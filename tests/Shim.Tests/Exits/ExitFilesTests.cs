using System.Runtime.Versioning;
using ShimStack.Shim.Exits;
using ShimStack.Shim.State;

namespace ShimStack.Shim.Tests.Exits;

public sealed class ExitFilesTests : IDisposable
{
    private readonly TemporaryDirectory _bundle = new();

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void WhatWasWrittenIsRead()
    {
        ExitRecord record = new() { Status = 137, Signal = 9, Ticks = 638_000_000_000_000_000, Pid = 4711, StartTime = 99, Oom = true };
        ExitFiles.Write(_bundle.Path, "", record);
        ExitFiles.Write(_bundle.Path, "e1", new ExitRecord { Status = 3 });
        Assert.Equal(record, ExitFiles.TryRead(_bundle.Path, ""));
        Assert.Equal(3u, ExitFiles.TryRead(_bundle.Path, "e1")!.Status);
    }

    [Fact]
    public void AnExecMayHaveTheNameOfAnything()
    {
        ExitFiles.Write(_bundle.Path, "init", new ExitRecord { Status = 3 });
        Assert.Null(ExitFiles.TryRead(_bundle.Path, ""));
        Assert.Equal(["init"], ExitFiles.Execs(_bundle.Path));
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public void NobodyElseMayLook()
    {
        ExitFiles.Write(_bundle.Path, "e1", new ExitRecord());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_bundle["exits/exec-e1"]));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_bundle["exits"]));
    }

    [Fact]
    public void OfADeletedContainerOnlyItsOwnExitIsKept()
    {
        ExitFiles.RemoveExecs(_bundle.Path);
        ExitFiles.Write(_bundle.Path, "", new ExitRecord { Status = 3 });
        ExitFiles.Write(_bundle.Path, "e1", new ExitRecord());
        ExitFiles.RemoveExecs(_bundle.Path);
        Assert.Empty(ExitFiles.Execs(_bundle.Path));
        Assert.Equal(3u, ExitFiles.TryRead(_bundle.Path, "")!.Status);
    }

    [Fact]
    public void NothingIsKeptForTheNextContainerInTheBundle()
    {
        ExitFiles.Write(_bundle.Path, "", new ExitRecord());
        ExitFiles.Write(_bundle.Path, "e1", new ExitRecord());
        ExitFiles.Remove(_bundle.Path, "e1");
        Assert.Empty(ExitFiles.Execs(_bundle.Path));
        ExitFiles.RemoveAll(_bundle.Path);
        ExitFiles.RemoveAll(_bundle.Path);
        Assert.Null(ExitFiles.TryRead(_bundle.Path, ""));
        Assert.False(Directory.Exists(_bundle["exits"]));
    }

    [Fact]
    public void ADamagedRecordIsNamed()
    {
        _bundle.Make("exits");
        _bundle.Write("exits/init", "\u0008");
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => ExitFiles.TryRead(_bundle.Path, ""));
        Assert.Contains("exits/init", refusal.Message, StringComparison.Ordinal);
    }
}
