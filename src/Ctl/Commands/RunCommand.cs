using System.CommandLine;
using System.Security.Cryptography;
using ShimStack.Ctl.Containers;
using ShimStack.Ctl.Logs;
using ShimStack.Ctl.Output;
using ShimStack.Native.Terminals;

namespace ShimStack.Ctl.Commands;

/// <summary>`shimctl run`: a container from a root file system or a bundle.</summary>
internal static class RunCommand
{
    private static readonly Option<bool> Detach = new("--detach", "-d") { Description = "Leaves it running and prints its name; its output goes to a log" };
    private static readonly Option<bool> Remove = new("--rm") { Description = "Removes it when it has ended" };
    private static readonly Option<string> Name = new("--name") { Description = "Its name; by default one is made up", HelpName = "name" };
    private static readonly Option<string[]> Mount = new("--mount") { Description = "A mount: type=bind,src=/a,dst=/b,ro", HelpName = "mount" };
    private static readonly Option<string> Memory = new("--memory", "-m") { Description = "Most memory, such as 64m", HelpName = "size" };
    private static readonly Option<string> Cpus = new("--cpus") { Description = "Most processors, such as 0.5", HelpName = "number" };
    private static readonly Option<long?> Pids = new("--pids-limit") { Description = "Most processes", HelpName = "number" };

    private static readonly Option<string> Restart = new("--restart")
    {
        Description = "With -d: when it is started again: no, on-failure[:N], always, unless-stopped",
        HelpName = "policy",
    };

    private static readonly Option<string> CgroupParent = new("--cgroup-parent")
    {
        Description = "The cgroup above its own; by default /NAMESPACE",
        HelpName = "path",
    };

    private static readonly Option<string> Runtime = new("--runtime")
    {
        Description = "The shim that runs it, by name or path",
        HelpName = "name",
        DefaultValueFactory = _ => "io.containerd.shimstack.v2",
    };

    private static readonly Option<string> LogFolder = new("--log-folder")
    {
        Description = "Where logs go",
        HelpName = "path",
        DefaultValueFactory = _ => LogLocation.DefaultFolder,
    };

    private static readonly Argument<string> Folder = new("folder") { Description = "A root file system, or a bundle with its config.json" };

    private static readonly Argument<string[]> Words = new("command")
    {
        Description = "What runs in it; by default what the bundle says",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create()
    {
        ProcessOptions process = new();
        ContainerOptions container = new();
        Command command = new("run", "Runs a container, and ends as it does")
        {
            Detach, Remove, Restart, Name, Mount, Memory, Cpus, Pids, CgroupParent, Runtime, LogFolder, Folder, Words,
        };
        process.AddTo(command);
        container.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            using CommandScope scope = GlobalOptions.Scope(result, cancellation);
            RunSettings settings = container.Apply(result, Settings(result, scope.Namespace, process.Read(result, result.GetValue(Words))));
            return result.GetValue(Detach)
                ? (int)await BackgroundAsync(scope, settings, result.GetValue(LogFolder)!)
                : await ForegroundAsync(scope, settings);
        });
        return command;
    }

    private static async Task<int> ForegroundAsync(CommandScope scope, RunSettings settings)
    {
        if (settings.Restart is not (null or RestartLabels.No))
        {
            throw CtlException.Usage("--restart needs -d: nobody would read what a later run writes");
        }

        return settings.Process.Terminal && !Terminal.IsTerminal(Screen.Input)
            ? throw CtlException.Usage("-t needs a terminal, and stdin is none: leave it out, or run this in a terminal")
            : await new ContainerRun(scope, settings).ForegroundAsync();
    }

    private static async Task<ExitCode> BackgroundAsync(CommandScope scope, RunSettings settings, string logFolder)
    {
        if (settings.Remove)
        {
            throw settings.Restart is not (null or RestartLabels.No) ? CtlException.Usage("--rm removes it when it has ended, and --restart starts it again then: say one of them")
                : CtlException.Usage("--rm needs somebody who sees the end, and -d leaves: say one of them");
        }

        uint pid = await new ContainerRun(scope, settings).BackgroundAsync(LogLocation.Prepare(logFolder, settings.Namespace, settings.Id));
        if (scope.Screen.IsJson)
        {
            Screen.Json(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("id", settings.Id);
                writer.WriteNumber("pid", pid);
                writer.WriteEndObject();
            });
        }
        else
        {
            Screen.Line(settings.Id);
        }

        return ExitCode.Ok;
    }

    private static RunSettings Settings(ParseResult result, string nameSpace, ProcessSettings process) => new()
    {
        Id = result.GetValue(Name) is string name ? Names.Checked("--name", name) : "c-" + RandomNumberGenerator.GetHexString(8, lowercase: true),
        Namespace = nameSpace,
        Folder = result.GetValue(Folder)!,
        Process = process,
        Mounts = [.. (result.GetValue(Mount) ?? []).Select(MountText.Parse)],
        MemoryBytes = result.GetValue(Memory) is string memory ? Quantities.Bytes("--memory", memory) : null,
        Processors = result.GetValue(Cpus) is string cpus ? Quantities.Processors(cpus) : null,
        Pids = result.GetValue(Pids),
        Remove = result.GetValue(Remove),
        Restart = result.GetValue(Restart) is string policy ? RestartText.Parse(policy) : null,
        Runtime = result.GetValue(Runtime)!,
        CgroupParent = result.GetValue(CgroupParent),
    };
}
