using ShimStack.Drill.Steps;
using ShimStack.Drill.Targets;
using ShimStack.Drill.Work;
using ShimStack.Native.Processes;

namespace ShimStack.Drill.Scenarios;

/// <summary>A runtime that hangs holds up its own container only, and one that dies is told as that.</summary>
internal sealed class RuntimeScenario : IScenario
{
    public string Name => "runtime";

    public string Sentence =>
        "the runtime hangs in create, start, exec, kill and delete while others are run, ended and listed, and dies in create, start, kill and delete";

    public Need Need => Need.FaultyRuntime;

    public string NotLive => "a runtime that hangs makes the daemon slow for everybody";

    public IReadOnlyList<IStep> Round(PlanSettings settings, int round)
    {
        RoundNames names = new(round);
        string host = WorkFleet.Name(settings, round);
        return settings.Target == TargetNames.Docker ? OfDocker(names, host) : OfTasks(names, host);
    }

    private static IReadOnlyList<IStep> OfTasks(RoundNames names, string host)
    {
        WorkOrder hung = names.Next("hung");
        WorkOrder exec = names.Next("exec");
        WorkOrder dies = names.Next("dies");
        return
        [
            .. Meanwhile(new HangRuntime(RuntimeCall.Create, hung, hung.Name), names, hung),
            .. Meanwhile(new HangRuntime(RuntimeCall.Start, hung, hung.Name), names, hung),
            .. Meanwhile(new HangRuntime(RuntimeCall.Exec, exec, host), names, exec),
            new EndProcess(exec.Name, Signal.SIGTERM), new AwaitEnd(exec.Name), new Remove(exec.Name),
            .. Meanwhile(new HangRuntime(RuntimeCall.Kill, hung, hung.Name), names, hung), new AwaitEnd(hung.Name),
            .. Meanwhile(new HangRuntime(RuntimeCall.Delete, hung, hung.Name), names, hung), new Remove(hung.Name),
            new KillRuntime(RuntimeCall.Create, dies, dies.Name), new TryCreate(dies.Name), new KillRuntime(RuntimeCall.Start, dies, dies.Name),
            new Complete(dies.Name), new KillRuntime(RuntimeCall.Kill, dies, dies.Name), new EndProcess(dies.Name, Signal.SIGTERM),
            new AwaitEnd(dies.Name), new KillRuntime(RuntimeCall.Delete, dies, dies.Name), new Remove(dies.Name),
        ];
    }

    // Of dockerd's calls, Create makes a record, and Start runs both commands; what it does when a container has ended nobody asks for.
    private static IReadOnlyList<IStep> OfDocker(RoundNames names, string host)
    {
        WorkOrder made = names.Next("made");
        WorkOrder started = names.Next("started");
        WorkOrder exec = names.Next("exec");
        WorkOrder dies = names.Next("dies");
        return
        [
            new CreateOnly(made, made.Name),
            .. Meanwhile(new HangRuntime(RuntimeCall.Start, made, made.Name) { Command = RuntimeCall.Create }, names, made),
            new CreateOnly(started, started.Name),
            .. Meanwhile(new HangRuntime(RuntimeCall.Start, started, started.Name), names, started),
            .. Meanwhile(new HangRuntime(RuntimeCall.Exec, exec, host), names, exec),
            new EndProcess(exec.Name, Signal.SIGTERM), new AwaitEnd(exec.Name), new Remove(exec.Name),
            .. Meanwhile(new HangRuntime(RuntimeCall.Kill, made, made.Name), names, made), new AwaitEnd(made.Name), new Remove(made.Name),
            new CreateOnly(dies, dies.Name), new KillRuntime(RuntimeCall.Start, dies, dies.Name) { Command = RuntimeCall.Create },
            new Complete(dies.Name), new KillRuntime(RuntimeCall.Kill, dies, dies.Name), new EndProcess(dies.Name, Signal.SIGTERM),
            new AwaitEnd(dies.Name), new Remove(dies.Name),
            new EndProcess(started.Name, Signal.SIGTERM), new AwaitEnd(started.Name), new Remove(started.Name),
        ];
    }

    // Another life from begin to end while one hangs.
    private static IEnumerable<IStep> Meanwhile(IStep hang, RoundNames names, WorkOrder hung)
    {
        WorkOrder other = names.Next("other");
        return
        [
            hang, new RunContainer(other), new EndProcess(other.Name, Signal.SIGTERM), new AwaitEnd(other.Name), new Remove(other.Name),
            new LetRuntimeGo(hung.Name),
        ];
    }
}
