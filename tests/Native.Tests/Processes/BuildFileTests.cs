
namespace ShimStack.Native.Tests.Processes;

public sealed class BuildFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("build-").FullName;

    [Fact]
    public void AProgramOfOurOwnIsTaken()
    {
        using BuildFile build = BuildFile.Open(Make(OwnProgramBytes()), "shimstackd");
        Assert.Equal(OwnProgramBytes(), File.ReadAllBytes(build.LentPath));
    }

    [Fact]
    public void WhatComesToThePathLaterIsNotWhatWasLookedAt()
    {
        string path = Make(OwnProgramBytes());
        using BuildFile build = BuildFile.Open(path, "shimstackd");
        File.Delete(path);
        File.WriteAllText(path, "another");
        Assert.Equal(OwnProgramBytes(), File.ReadAllBytes(build.LentPath));
    }

    [Theory]
    [InlineData("#!/bin/sh\nexit 0\n# more than a header", "is a script, and no build of shimstackd")]
    [InlineData("no program, but longer than a header", "is no program")]
    [InlineData("", "is no program")]
    public void WhatIsNoProgramIsRefused(string content, string reason) =>
        Assert.EndsWith(reason, Refusal(Make(System.Text.Encoding.UTF8.GetBytes(content))), StringComparison.Ordinal);

    [Theory]
    [InlineData(4)] // EI_CLASS: 32 bits
    [InlineData(18)] // e_machine
    public void AnotherArchitectureIsRefused(int offset)
    {
        byte[] program = OwnProgramBytes();
        program[offset] ^= 3;
        Assert.EndsWith("is a program of another architecture", Refusal(Make(program)), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatOthersMayWriteIsRefused()
    {
        string path = Make(OwnProgramBytes());
        Native.Files.Files.SetMode(path, 0x1d0 /* 0720 */);
        Assert.Equal($"{path} may be written by others (mode 720), and would run as ours", Refusal(path));
    }

    [Fact]
    public void WhatIsNotExecutableIsRefused()
    {
        string path = Make(OwnProgramBytes());
        Native.Files.Files.SetMode(path, 0x100 /* 0400 */);
        Assert.Equal($"{path} is not executable", Refusal(path));
    }

    [Fact]
    public void WhatIsNotThereOrNoFileIsRefused()
    {
        Assert.Equal("x is no absolute path", Refusal("x"));
        Assert.StartsWith("/no/such cannot be read: ", Refusal("/no/such"), StringComparison.Ordinal);
        Assert.Equal($"{_directory} is no regular file", Refusal(_directory));
        Assert.Equal("/dev/null is no regular file", Refusal("/dev/null"));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static byte[] OwnProgramBytes() => File.ReadAllBytes(CurrentProcess.ExecutablePath)[..4096];

    private string Make(byte[] content)
    {
        string path = Path.Join(_directory, "build");
        File.WriteAllBytes(path, content);
        Native.Files.Files.SetMode(path, 0x1c0 /* 0700 */);
        return path;
    }

    private static string Refusal(string path) => Assert.Throws<BuildFileException>(() => BuildFile.Open(path, "shimstackd")).Message;
}
