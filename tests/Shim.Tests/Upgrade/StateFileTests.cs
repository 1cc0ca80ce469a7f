using System.Globalization;
using ShimStack.Native;
using ShimStack.Native.Files;
using ShimStack.Shim.State;
using ShimStack.Shim.Upgrade;

namespace ShimStack.Shim.Tests.Upgrade;

/// <summary>How a state comes into a process: by a memory file that the environment names, with the descriptors that the records name.</summary>
[Collection(OneProcessAtATime.Name)]
public sealed class StateFileTests : IDisposable
{
    private static readonly ShimRecord Record = new() { Version = 1, Namespace = "n" };

    [Fact]
    public void WhatWasWrittenIsTakenOnce()
    {
        using FileDescriptor one = Files.Open("/dev/null", OpenFlags.O_RDONLY);
        Files.SetInherited(one, true);
        ShimRecord record = new(Record) { Descriptors = { (uint)one.Number } };
        Name(StateFile.Write(record).Release());

        Assert.Equal(record, StateFile.Take());
        Assert.Equal("02100000", Flags(one)); // O_CLOEXEC
        Assert.Null(Environment.GetEnvironmentVariable(StateFile.Variable));
        Assert.Null(StateFile.Take());
    }

    [Theory, InlineData("2"), InlineData("999"), InlineData("x"), InlineData("-1")]
    public void WhatElseTheVariableSaysIsNoState(string text)
    {
        Environment.SetEnvironmentVariable(StateFile.Variable, text);
        Assert.Null(StateFile.Take());
        Assert.Null(Environment.GetEnvironmentVariable(StateFile.Variable));
    }

    [Fact]
    public void AnotherFileOfThatNumberIsNoState()
    {
        using FileDescriptor other = Files.Open("/dev/null", OpenFlags.O_RDONLY);
        Name(other.Number);
        Assert.Null(StateFile.Take());
        Assert.False(other.IsClosed);
        Assert.Equal(0, Files.Read(other, stackalloc byte[1]).Count); // it is still open
    }

    [Fact]
    public void ADescriptorThatIsNotThereIsTold()
    {
        Name(StateFile.Write(new ShimRecord(Record) { Descriptors = { 9999 } }).Release());
        Assert.StartsWith("descriptor 9999 of the state: ", Assert.Throws<InvalidDataException>(StateFile.Take).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoStateIsTold()
    {
        Name(MemoryFile.Create(StateFile.Name, [0xff, 0xff]).Release());
        Assert.StartsWith("the state cannot be read: ", Assert.Throws<InvalidDataException>(StateFile.Take).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Environment.SetEnvironmentVariable(StateFile.Variable, null);

    private static void Name(int number) => Environment.SetEnvironmentVariable(StateFile.Variable, number.ToString(CultureInfo.InvariantCulture));

    private static string Flags(FileDescriptor descriptor) => File.ReadAllLines($"/proc/self/fdinfo/{descriptor.Number}")[1].Split('\t')[1];
}
