namespace ShimStack.SystemTests.Soak.Plan;

/// <summary>What must be true of a container, as far as the steps so far say.</summary>
internal sealed class ContainerModel(ProcessModel init)
{
    // What the kernel makes of SIGKILL, in the shell's form.
    private const int Killed = 128 + WalkLimits.SIGKILL;

    public ProcessModel Init => init;

    public string Id => init.Container;

    public List<ProcessModel> Execs { get; } = [];

    public bool IsPaused { get; private set; }

    public bool Runs => init.Life == Life.Running;

    public IEnumerable<ProcessModel> Processes => Execs.Prepend(init);

    public void Pause() => IsPaused = true;

    /// <summary>What was told to end meanwhile does.</summary>
    public void Resume()
    {
        IsPaused = false;
        foreach (ProcessModel exec in Execs.Where(static exec => exec.IsEnding))
        {
            if (init.IsEnding)
            {
                // Its own end and that of the namespace race.
                exec.MayEndWith(Killed);
            }

            exec.End();
        }

        if (init.IsEnding)
        {
            EndInit();
        }

        foreach (ProcessModel process in Processes.Where(static process => process.IsRead))
        {
            process.Unread = 0;
        }
    }

    /// <summary>A process ends with a code, now or as soon as it is not frozen any more.</summary>
    public void End(ProcessModel process, int code)
    {
        process.MayEndWith(code);
        process.IsEnding = true;
        // SIGKILL for the container thaws it. See issue "nothing lost, nothing stuck", point 5.
        if (!IsPaused || (process.IsInit && code == Killed))
        {
            Resume();
        }
    }

    // The kernel kills a pid namespace with its init.
    private void EndInit()
    {
        init.End();
        foreach (ProcessModel exec in Execs.Where(static exec => exec.Life == Life.Running))
        {
            exec.MayEndWith(Killed);
            exec.End();
        }
    }
}
