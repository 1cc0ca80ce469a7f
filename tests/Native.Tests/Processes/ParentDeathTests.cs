namespace ShimStack.NativeTests;

/// <summary>
/// A helper process spawns cat, which sends back what we write, and is killed. The signal to its child is sent before we can reap the
/// helper.
/// </summary>
public sealed class ParentDeathTests : IDisposable
{
    private readonly PipePair _input = Pipe.Create();
    private readonly PipePair _output = Pipe.Create();
    private readonly PipePair _gate = Pipe.Create();
    private readonly PipePair _echo = Pipe.Create();

    public void Dispose() => Array.ForEach([_input, _output, _gate, _echo], pipe => pipe.Dispose());

    [Fact]
    public void AChildThatDiesWithItsParentIsKilledWhenTheParentIs()
    {
        int grandchild = KillParentOf("die");
        Files.Write(_gate.WriteEnd, "are you there"u8);
        _echo.WriteEnd.Dispose();
        Assert.Equal("", Child.ReadAll(_echo.ReadEnd));
        Assert.False(IsRunning(grandchild));
    }

    [Fact]
    public void AnotherChildLivesOn()
    {
        int grandchild = KillParentOf("live");
        Files.Write(_gate.WriteEnd, "are you there"u8);
        _echo.WriteEnd.Dispose();
        Assert.Equal("are you there", Child.ReadSome(_echo.ReadEnd));
        Assert.True(IsRunning(grandchild));
        using PidDescriptor process = PidDescriptor.Open(grandchild);
        process.Send((int)Signal.SIGTERM);
        Child.WaitUntilReadable(process.Descriptor);
    }

    private int KillParentOf(string argument)
    {
        SpawnDescriptor[] descriptors = [new(_input.ReadEnd, 0), new(_output.WriteEnd, 1), new(_gate.ReadEnd, 3), new(_echo.WriteEnd, 4)];
        SpawnRequest helper = Scenarios.Request(nameof(ProcessScenarios.SpawnsAndWaitsForStdin), argument);
        int pid = Spawner.Spawn(helper with { Descriptors = descriptors });
        int grandchild = int.Parse(Child.ReadSome(_output.ReadEnd), null);
        ProcessSignals.Send(pid, (int)Signal.SIGKILL);
        Assert.Equal(128 + 9, Child.WaitFor(pid));
        return grandchild;
    }

    /// <summary>A dead one may wait for its new parent to reap it.</summary>
    private static bool IsRunning(int pid) => Files.TryStatus($"/proc/{pid}/exe") is not null;
}
