// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;
using LabHosts = ClusterManager.Lab.Tests.Harness.Lab;

namespace ClusterManager.Benchmarks.Update;

/// <summary>Two images of each side, with a layer of their own that is worth pulling, in the lab's registry.</summary>
internal sealed class UpdateImages(LabHosts lab)
{
    private const string Base = "registry.lab:5000/web:1";
    private const int LayerBytes = 32 << 20;

    /// <summary>A side's image, 0 or 1.</summary>
    public static string Of(UpdateSide side, int number) => $"registry.lab:5000/bench:{(side is OurSide ? "ours" : "swarm")}-{number}";

    /// <summary>Makes and pushes all of them; they are on the node then.</summary>
    public async Task MakeAsync(IEnumerable<UpdateSide> sides)
    {
        var file = Path.Combine(lab.Directory, "layer");
        var chance = new Random(1);
        foreach (var image in sides.SelectMany(side => new[] { Of(side, 0), Of(side, 1) }))
        {
            var bytes = new byte[LayerBytes];
            chance.NextBytes(bytes);
            await File.WriteAllBytesAsync(file, bytes);
            var container = (await DockerAsync("create", Base)).Output.Trim();
            await DockerAsync("cp", file, $"{container}:/layer");
            await DockerAsync("commit", container, image);
            await DockerAsync("rm", container);
            await DockerAsync("push", "-q", image);
        }
    }

    /// <summary>Takes an image off the node; its last container may just be going.</summary>
    public async Task RemoveAsync(string image) => await Eventually.HoldsAsync(
        $"{image} is off the node", 30, async () =>
        {
            // By tag and, as both sides have it, by digest.
            var ids = await lab.DockerAsync("h1", "images", "-q", "--no-trunc", image);
            foreach (var id in ids.Lines.Distinct()) await lab.DockerAsync("h1", "rmi", "-f", id);
            return await lab.DockerAsync("h1", "image", "inspect", "-f", "{{.Id}}", image);
        }, result => result.ExitCode != 0);

    private async Task<CommandResult> DockerAsync(params string[] arguments) => (await lab.DockerAsync("h1", arguments)).Expect(0);
}
