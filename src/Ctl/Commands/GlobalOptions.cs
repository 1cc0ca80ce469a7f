using System.CommandLine;
using ShimStack.Client;
using ShimStack.Ctl.Containers;
using ShimStack.Ctl.Kernel;
using ShimStack.Ctl.Output;

namespace ShimStack.Ctl.Commands;

/// <summary>What every command takes, before or after its name.</summary>
internal static class GlobalOptions
{
    public static readonly Option<string> Address = new("--address")
    {
        // No default value: the manual is made on another machine than the one that it is read on.
        Description = $"Socket of the daemon; by default the address in {DaemonFolders.DefaultFile}, or {DaemonAddress.Default}",
        HelpName = "path",
        Recursive = true,
    };

    public static readonly Option<string> Namespace = new("--namespace")
    {
        Description = "Namespace of the containers",
        HelpName = "name",
        Recursive = true,
        DefaultValueFactory = _ => "default",
    };

    public static readonly Option<bool> Json = new("--json") { Description = "Answers in JSON, one value a line", Recursive = true };

    /// <summary>The daemon that is meant.</summary>
    public static string AddressOf(ParseResult result) => result.GetValue(Address) ?? DaemonAddress.Of(new KernelFiles());

    /// <summary>Those of a parsed command line, as what a command works with. The caller disposes of it.</summary>
    public static CommandScope Scope(ParseResult result, CancellationToken cancellation)
    {
        string nameSpace = Names.Checked("--namespace", result.GetValue(Namespace) ?? "");
        return new CommandScope
        {
            Client = new DaemonClient(AddressOf(result), nameSpace),
            Namespace = nameSpace,
            Screen = new Screen(result.GetValue(Json)),
            Cancellation = cancellation,
        };
    }
}
