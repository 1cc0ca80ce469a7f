using System.CommandLine;
using ShimStack.Ctl.Connection;
using ShimStack.Ctl.Containers;
using ShimStack.Ctl.Output;

namespace ShimStack.Ctl.Commands;

/// <summary>What every command takes, before or after its name.</summary>
internal static class GlobalOptions
{
    public const string DefaultAddress = "/run/shimstack/shimstackd.sock";

    public static readonly Option<string> Address = new("--address")
    {
        Description = "Socket of the daemon",
        HelpName = "path",
        Recursive = true,
        DefaultValueFactory = _ => DefaultAddress,
    };

    public static readonly Option<string> Namespace = new("--namespace")
    {
        Description = "Namespace of the containers",
        HelpName = "name",
        Recursive = true,
        DefaultValueFactory = _ => "default",
    };

    public static readonly Option<bool> Json = new("--json") { Description = "Answers in JSON, one value a line", Recursive = true };

    /// <summary>Those of a parsed command line, as what a command works with. The caller disposes of it.</summary>
    public static CommandScope Scope(ParseResult result, CancellationToken cancellation)
    {
        string nameSpace = Names.Checked("--namespace", result.GetValue(Namespace) ?? "");
        return new CommandScope
        {
            Client = new DaemonClient(result.GetValue(Address) ?? "", nameSpace),
            Namespace = nameSpace,
            Screen = new Screen(result.GetValue(Json)),
            Cancellation = cancellation,
        };
    }
}
