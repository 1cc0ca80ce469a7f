using NativeFiles = ShimStack.Native.Files.Files;

namespace ShimStack.Native.Tests.Files;

public sealed class ReadWholeTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("whole-").FullName;

    [Theory]
    [InlineData(0)]
    [InlineData(1023)]
    [InlineData(1024)] // as much as is read at once
    [InlineData(5000)]
    public void AFileIsReadToItsEnd(int length)
    {
        byte[] content = [.. Enumerable.Range(0, length).Select(static i => (byte)i)];
        string path = Path.Join(_directory, "file");
        File.WriteAllBytes(path, content);
        Assert.Equal(content, NativeFiles.ReadWhole(path));
    }

    [Fact]
    public void WhatIsNotThereIsSaid()
    {
        string path = Path.Join(_directory, "none");
        Assert.Null(NativeFiles.TryReadWhole(path));
        Assert.Contains(path, Assert.Throws<SyscallException>(() => NativeFiles.ReadWhole(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoFileCannotBeRead() => Assert.Equal(Errno.EISDIR, Assert.Throws<SyscallException>(() => NativeFiles.TryReadWhole(_directory)).Errno);

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
