using System.Xml.Linq;
using ShimStack.Compatibility;

// OURS.xml REFERENCE.xml TABLE.md MACHINE: renders the results of two runs of the same tests. Exit code 1 when a cell has failed.
if (args.Length != 4)
{
    Console.Error.WriteLine("usage: Compatibility OURS.xml REFERENCE.xml TABLE.md MACHINE");
    return 2;
}

Table table = Table.Of(XunitReport.Read(XDocument.Load(args[0])), XunitReport.Read(XDocument.Load(args[1])));
File.WriteAllText(args[2], Document.Write(table, args[3]));
foreach (((string feature, string column), Cell cell) in table.Cells.Where(cell => cell.Value.Verdict == Verdict.Fails))
{
    Console.Error.WriteLine($"failed: {feature}, {column}: {cell.Reason}");
}

return table.Cells.Values.Any(cell => cell.Verdict == Verdict.Fails) ? 1 : 0;
