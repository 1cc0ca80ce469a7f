using System.Text;
using System.Text.Json;
using ShimStack.Api.Runc;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Shim.Bootstrap;

namespace ShimStack.Shim.Tests.Bootstrap;

public sealed class BundleFilesTests : IDisposable
{
    private readonly TemporaryDirectory _bundle = new();

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void DefaultOptionsAreAnEmptyObject()
    {
        BundleFiles.WriteOptions(_bundle.Path, new Options());
        Assert.Equal("{}", File.ReadAllText(_bundle["options.json"]));
    }

    [Fact]
    public void OptionsAreWrittenByTheNamesOfTheProtocol()
    {
        BundleFiles.WriteOptions(_bundle.Path, new Options { BinaryName = "/usr/bin/crun", Root = "/run/x", SystemdCgroup = true });
        Assert.Equal(
            "{\"binary_name\":\"/usr/bin/crun\",\"root\":\"/run/x\",\"systemd_cgroup\":true}",
            File.ReadAllText(_bundle["options.json"]));
    }

    [Fact]
    public void EveryOptionComesBack()
    {
        var options = new Options
        {
            NoPivotRoot = true,
            NoNewKeyring = true,
            ShimCgroup = "/s",
            IoUid = 1,
            IoGid = uint.MaxValue,
            BinaryName = "b \"é\"",
            Root = "/r",
            CriuPath = "c",
            SystemdCgroup = true,
            CriuImagePath = "i",
            CriuWorkPath = "w",
            TaskApiAddress = "a",
            TaskApiVersion = 3,
        };
        BundleFiles.WriteOptions(_bundle.Path, options);
        Assert.Equal(options, BundleFiles.ReadOptions(_bundle.Path));
    }

    [Fact]
    public void MissingRecordsAreTheDefaults()
    {
        Assert.Equal(new Options(), BundleFiles.ReadOptions(_bundle.Path));
        Assert.Equal("", BundleFiles.ReadRuntime(_bundle.Path));
        Assert.Null(BundleFiles.ReadAddress(_bundle.Path));
    }

    [Fact]
    public void UnknownNamesAndNullArePassedOver() =>
        Assert.Equal(new Options { Root = "/r" }, OptionsJson.Read("{\"new\":{\"a\":[1]},\"binary_name\":null,\"root\":\"/r\"} \n"u8));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"root\":1}")]
    [InlineData("{\"io_uid\":-1}")]
    [InlineData("{\"systemd_cgroup\":\"x\"}")]
    [InlineData("{\"root\":\"/r\"")]
    [InlineData("{}{}")]
    public void ABrokenRecordIsAnErrorThatNamesTheFile(string json)
    {
        Assert.ThrowsAny<JsonException>(() => OptionsJson.Read(Encoding.UTF8.GetBytes(json)));
        _bundle.Write("options.json", json);
        Assert.Contains(
            _bundle["options.json"],
            Assert.Throws<InvalidDataException>(() => BundleFiles.ReadOptions(_bundle.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void TheRuntimeIsKeptAsItIs()
    {
        BundleFiles.WriteRuntime(_bundle.Path, "crun");
        Assert.Equal("crun", File.ReadAllText(_bundle["runtime"]));
        Assert.Equal("crun", BundleFiles.ReadRuntime(_bundle.Path));
        Assert.Equal(0x180, Native.Files.Files.Status(_bundle["runtime"]).Mode);
    }

    [Fact]
    public void TheAddressHasNoNewline()
    {
        BundleFiles.WriteAddress(_bundle.Path, new SocketAddress("/run/s/1"));
        Assert.Equal("unix:///run/s/1", File.ReadAllText(_bundle["address"]));
        Assert.Equal("/run/s/1", BundleFiles.ReadAddress(_bundle.Path)?.Path);
    }

    [Fact]
    public void ReplacingLeavesNothingBesideTheFile()
    {
        _bundle.Write(".runtime.tmp", "left by a helper that was killed");
        BundleFiles.WriteRuntime(_bundle.Path, "a");
        Files.Replace(_bundle["runtime"], "b"u8, 0x180, sync: true);
        Assert.Equal("b", File.ReadAllText(Assert.Single(Directory.GetFiles(_bundle.Path))));
    }

    [Fact]
    public void AFileThatCannotBeReplacedLeavesNothing()
    {
        _bundle.Make("runtime");
        Assert.Equal(Errno.EISDIR, Assert.Throws<SyscallException>(() => BundleFiles.WriteRuntime(_bundle.Path, "a")).Errno);
        Assert.Empty(Directory.GetFiles(_bundle.Path));
    }

    [Fact]
    public void ThePidIsRead()
    {
        _bundle.Write("init.pid", "4711");
        Assert.Equal(4711, BundleFiles.ReadInitPid(_bundle.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12\n")]
    [InlineData(" 12")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("12x")]
    [InlineData("99999999999")]
    public void NothingButDigitsIsAPid(string text)
    {
        _bundle.Write("init.pid", text);
        Assert.Contains(
            _bundle["init.pid"],
            Assert.Throws<InvalidDataException>(() => BundleFiles.ReadInitPid(_bundle.Path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AMissingPidIsTheSystemsError() =>
        Assert.Equal(Errno.ENOENT, Assert.Throws<SyscallException>(() => BundleFiles.ReadInitPid(_bundle.Path)).Errno);

    [Fact]
    public void InputBeyondTheLimitIsRefused()
    {
        using FileDescriptor zero = Native.Files.Files.Open("/dev/zero", Native.Files.OpenFlags.O_RDONLY);
        Assert.Equal(Errno.EFBIG, Assert.Throws<SyscallException>(() => SmallFile.ReadToEnd(zero, 100_000, "zero")).Errno);
    }
}
