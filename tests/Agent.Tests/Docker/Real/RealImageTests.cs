// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Tests.Docker;

/// <summary>Images and registries on real engines. The registry is this process's own, listening inside the engine's namespace.</summary>
public sealed class RealImageTests(EnginesFixture engines) : RealEngineTests(engines)
{
    private static readonly RegistryCredential Right = new(null, TinyRegistry.User, TinyRegistry.Password);

    [Theory, MemberData(nameof(Engines))]
    public async Task An_imported_image_has_an_id_and_no_digest(string engine)
    {
        var image = await Client(engine).InspectImageAsync(RealEngine.Image, Deadline);
        var again = await Client(engine).InspectImageAsync(image.Id, Deadline);
        var list = await Client(engine).ListImagesAsync(Deadline);

        Assert.StartsWith("sha256:", image.Id, StringComparison.Ordinal);
        Assert.Equal(image.Id, again.Id);
        Assert.Equal([RealEngine.Image], image.Tags);
        Assert.Empty(image.RepoDigests);
        Assert.Null(image.Healthcheck);
        Assert.True(image.SizeBytes > 1000);
        Assert.Contains(list, item => item.Id == image.Id && item.Tags.SequenceEqual(image.Tags) && item.Created.Year >= 2020);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_pull_reports_its_steps_and_ends_with_id_and_digest(string engine)
    {
        await using var registry = NewRegistry(engine, asksForUser: false);
        var steps = new Steps();
        var name = $"{registry.Address}/app";

        var pulled = await Client(engine).PullImageAsync($"{name}:1", null, steps, Deadline);
        var again = await Client(engine).PullImageAsync($"{name}@{registry.Digest}", null, null, Deadline);
        var both = await Client(engine).PullImageAsync($"{name}:1@{registry.Digest}", null, null, Deadline);
        var image = await Client(engine).InspectImageAsync($"{name}:1", Deadline);

        Assert.Equal(new PullResult(registry.ImageId, registry.Digest), pulled);
        Assert.Equal(pulled, again);
        Assert.Equal(pulled, both);
        Assert.Contains(steps.Seen, step => step is { Layer: not null, Status: "Pull complete" });
        Assert.Equal([$"{name}@{registry.Digest}"], image.RepoDigests);
        Assert.Equal(["CMD", "/hello"], image.Healthcheck!.Test);
        Assert.Equal(TimeSpan.FromSeconds(5), image.Healthcheck.Interval);
        Assert.Equal(2, image.Healthcheck.Retries);
        Assert.Equal([new ContainerPort(53, "udp"), new ContainerPort(8080)], image.ExposedPorts);
        Assert.Equal("SIGQUIT", image.StopSignal);
        Assert.Equal(("linux", "amd64"), (image.Os, image.Architecture));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_registry_that_asks_for_a_user_opens_to_the_right_one_only(string engine)
    {
        await using var registry = NewRegistry(engine, asksForUser: true);
        var client = Client(engine);
        var name = $"{registry.Address}/private:1";
        var wrong = Right with { Password = "wrong-canary" };

        await FailsAsync(DockerErrorKind.RegistryDenied, () => client.PullImageAsync(name, null, null, Deadline));
        var exception = await FailsAsync(DockerErrorKind.RegistryDenied, () => client.PullImageAsync(name, wrong, null, Deadline));
        await FailsAsync(DockerErrorKind.RegistryDenied, () => client.ResolveDigestAsync(name, wrong, Deadline));
        var digest = await client.ResolveDigestAsync(name, Right, Deadline);
        var pulled = await client.PullImageAsync(name, Right, null, Deadline);

        Assert.Equal(registry.Digest, digest);
        Assert.Equal(registry.Digest, pulled.Digest);
        Assert.DoesNotContain("canary", exception.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", Right.ToString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_registry_that_fails_is_told_from_an_image_that_is_not_there(string engine)
    {
        await using var registry = NewRegistry(engine, asksForUser: false);
        var client = Client(engine);
        (string Image, DockerErrorKind Kind)[] cases =
        [
            ($"{registry.Address}/app:2", DockerErrorKind.ImageNotFound),
            ($"{registry.Address}/app@sha256:{new string('0', 64)}", DockerErrorKind.ImageNotFound),
            ($"{registry.Address}/denied:1", DockerErrorKind.RegistryDenied),
            ($"{registry.Address}/broken:1", DockerErrorKind.RegistryUnreachable),
            ("127.0.0.1:1/app:1", DockerErrorKind.RegistryUnreachable),
            ("registry.invalid/app:1", DockerErrorKind.RegistryUnreachable),
            ("Not A Name", DockerErrorKind.BadParameter),
        ];
        foreach (var (image, kind) in cases)
        {
            await FailsAsync(kind, () => client.PullImageAsync(image, null, null, Deadline));
            await FailsAsync(kind, () => client.ResolveDigestAsync(image, null, Deadline));
        }
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_pull_without_progress_ends(string engine)
    {
        await using var registry = NewRegistry(engine, asksForUser: false);
        using var impatient = Engine(engine).NewClient(new DockerClientOptions
        {
            PullIdleDeadline = TimeSpan.FromSeconds(1), RegistryDeadline = TimeSpan.FromSeconds(1),
        });

        await FailsAsync(DockerErrorKind.Timeout, () => impatient.PullImageAsync($"{registry.Address}/silent:1", null, null, Deadline));
        await FailsAsync(DockerErrorKind.Timeout, () => impatient.ResolveDigestAsync($"{registry.Address}/silent:1", null, Deadline));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task An_image_goes_with_its_last_name_and_never_while_a_container_uses_it(string engine)
    {
        await using var registry = NewRegistry(engine, asksForUser: false);
        var client = Client(engine);
        var pinned = $"{registry.Address}/app@{registry.Digest}";
        await client.PullImageAsync(pinned, null, null, Deadline);
        var listed = (await client.ListImagesAsync(Deadline)).Single(image => image.RepoDigests.Contains(pinned));
        Assert.Empty(listed.Tags);
        var request = new ContainerRequest { Name = $"uses-{Guid.NewGuid():N}", Image = pinned };
        var container = await client.CreateContainerAsync(request, Deadline);
        Assert.Contains(await client.ListContainersAsync([], Deadline), one => one.ImageId == listed.Id && one.Id == container.Id);

        await FailsAsync(DockerErrorKind.Conflict, () => client.RemoveImageAsync(pinned, Deadline));
        await client.RemoveContainerAsync(container.Id, force: true, removeAnonymousVolumes: true, Deadline);
        await client.RemoveImageAsync(pinned, Deadline);
        await FailsAsync(DockerErrorKind.ImageNotFound, () => client.InspectImageAsync(listed.Id, Deadline));
        await FailsAsync(DockerErrorKind.ImageNotFound, () => client.RemoveImageAsync(pinned, Deadline));
    }

    private TinyRegistry NewRegistry(string engine, bool asksForUser) =>
        new(NamespaceSocket.Listen(Engine(engine).NamespacePath), asksForUser);

    private sealed class Steps : IProgress<PullProgress>
    {
        public List<PullProgress> Seen { get; } = [];

        public void Report(PullProgress value) => Seen.Add(value);
    }
}
