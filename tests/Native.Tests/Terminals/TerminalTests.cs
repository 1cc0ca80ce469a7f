using ShimStack.Native.Terminals;

namespace ShimStack.NativeTests;

public sealed class TerminalTests : IDisposable
{
    private readonly PseudoTerminalPair _terminal = Terminal.OpenPair();

    public void Dispose()
    {
        _terminal.Master.Dispose();
        _terminal.Slave.Dispose();
    }

    [Fact]
    public void TheSizeSetAtOneEndIsSeenAtTheOther()
    {
        Terminal.SetSize(_terminal.Master, 132, 43);
        Assert.Equal(new TerminalSize(132, 43), Terminal.Size(_terminal.Slave));
    }

    [Fact]
    public void ATerminalIsOneAndAPipeIsNot()
    {
        PipePair pipe = Pipe.Create();
        using (pipe.ReadEnd)
        using (pipe.WriteEnd)
        {
            Assert.True(Terminal.IsTerminal(_terminal.Slave));
            Assert.False(Terminal.IsTerminal(pipe.ReadEnd));
            Assert.Equal(Errno.ENOTTY, Assert.Throws<SyscallException>(() => Terminal.Size(pipe.ReadEnd)).Errno);
        }
    }

    [Fact]
    public void BothEndsAreClosedOnExec()
    {
        Assert.True(FilesTests.IsClosedOnExec(_terminal.Master));
        Assert.True(FilesTests.IsClosedOnExec(_terminal.Slave));
    }

    [Fact]
    public void ARawTerminalPassesBytesAsTheyAre()
    {
        Terminal.SetRaw(_terminal.Slave);
        Files.Write(_terminal.Master, "no line, \u0003 no signal"u8);
        Assert.Equal("no line, \u0003 no signal", Child.ReadSome(_terminal.Slave));
        Files.Write(_terminal.Slave, "a\nb"u8);
        Assert.Equal("a\nb", Child.ReadSome(_terminal.Master));
    }

    [Fact]
    public void ATerminalThatWasRawIsAsItWas()
    {
        using (new RawTerminal(_terminal.Slave))
        {
            Files.Write(_terminal.Slave, "a\nb"u8);
            Assert.Equal("a\nb", Child.ReadSome(_terminal.Master));
        }

        Files.Write(_terminal.Slave, "a\nb"u8);
        Assert.Equal("a\r\nb", Child.ReadSome(_terminal.Master));
    }

    [Fact]
    public void WhatIsNoTerminalCannotBeRaw()
    {
        PipePair pipe = Pipe.Create();
        using (pipe.ReadEnd)
        using (pipe.WriteEnd)
        {
            Assert.Equal(Errno.ENOTTY, Assert.Throws<SyscallException>(() => new RawTerminal(pipe.ReadEnd)).Errno);
        }
    }
}
