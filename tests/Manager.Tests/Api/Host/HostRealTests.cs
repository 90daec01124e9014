// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Http.Headers;
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;
using ClusterManager.Shared.Tests.Consul;
using ClusterManager.Wire;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Api.Host;

/// <summary>The manager's port as the world meets it: with good input, bad input, and readers that do not read.</summary>
[Trait("Category", "Real")]
public sealed class HostRealTests(HostFixture fixture) : IClassFixture<HostFixture>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Health_readiness_and_roots_need_no_identity()
    {
        using var http = fixture.CreateHttp();
        Assert.Equal("ok\n", await http.GetStringAsync("/healthz"));
        Assert.Equal("ready\n", await http.GetStringAsync("/readyz"));
        Assert.Equal(fixture.CaPem.Trim(), (await http.GetStringAsync("/v1/ca")).Trim());
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/v1/secrets")).StatusCode);
    }

    [Fact]
    public async Task Metrics_are_for_operators_managers_and_who_has_the_token()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await MetricsStatusAsync(null, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await MetricsStatusAsync(PeerRole.Node, null));
        Assert.Equal(HttpStatusCode.OK, await MetricsStatusAsync(PeerRole.Operator, null));
        Assert.Equal(HttpStatusCode.OK, await MetricsStatusAsync(PeerRole.Manager, null));
        await File.WriteAllTextAsync(Path.Combine(fixture.Paths.ManagerDirectory, "metrics.token"), "a-token-of-twenty-and-more\n");
        Assert.Equal(HttpStatusCode.OK, await MetricsStatusAsync(null, "a-token-of-twenty-and-more"));
        Assert.Equal(HttpStatusCode.Unauthorized, await MetricsStatusAsync(null, "another-token-of-that-length"));
    }

    [Fact]
    public async Task The_plain_listener_has_metrics_and_nothing_else()
    {
        using var http = new HttpClient { BaseAddress = fixture.MetricsAddress };
        var text = await http.GetStringAsync("/metrics");
        Assert.Contains("\ncluster_leader 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\ncluster_consul_up 1\n", text, StringComparison.Ordinal);
        Assert.Contains("cluster_consul_calls_total{kind=\"kv\",outcome=\"ok\"}", text, StringComparison.Ordinal);
        foreach (var path in new[] { "/v1/ca", "/healthz", "/metrics/", "/clustermanager.v1.ClusterApi/Status" })
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(path)).StatusCode);
    }

    [Theory]
    [InlineData("text/plain", "prometheus_client.parser")]
    [InlineData("application/openmetrics-text; version=1.0.0", "prometheus_client.openmetrics.parser")]
    public async Task Metrics_are_understood_by_anothers_parser(string accept, string parser)
    {
        using var http = new HttpClient { BaseAddress = fixture.MetricsAddress };
        http.DefaultRequestHeaders.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        var names = await Script.RunAsync(
            $"import sys; from {parser} import text_string_to_metric_families as read; "
            + "print('\\n'.join(sorted(one.name for one in read(sys.stdin.read()))))", await http.GetStringAsync("/metrics"));
        Assert.Contains("cluster_engine_turn_duration_seconds", names);
        Assert.Contains("cluster_leader", names);
        Assert.True(names.Length > 25, string.Join(' ', names));
    }

    [Fact]
    public async Task The_doctor_asks_consul_for_its_quorum_and_names_the_agent_that_does_not_answer()
    {
        using var channel = fixture.ConnectOperator();
        var diagnosis = await new V1.ClusterApi.ClusterApiClient(channel).DiagnoseAsync(new V1.DiagnoseRequest());
        Assert.Equal((1, 0), (diagnosis.NodesAsked, diagnosis.NodesAnswered));
        Assert.Contains(diagnosis.Findings, one =>
            one is { Check: "agent", Node: "mgrhost", Severity: V1.Finding.Types.Severity.Alarm });
        Assert.Contains(diagnosis.Findings, one =>
            one is { Check: "consul-quorum", Value: "1 server", Severity: V1.Finding.Types.Severity.Ok });
        // This Consul was not made by init: to the cluster its server is a stranger.
        Assert.Contains(diagnosis.Findings, one =>
            one is { Check: "consul-quorum", Node: "mgrhost", Severity: V1.Finding.Types.Severity.Alarm });
    }

    [Fact]
    public async Task Without_a_certificate_a_call_is_unauthenticated_and_with_a_nodes_not_permitted()
    {
        using var anonymous = fixture.Connect(null);
        var error = await Assert.ThrowsAsync<RpcException>(() => StatusAsync(anonymous));
        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
        using var node = fixture.Connect(fixture.Certify(PeerRole.Node, ModelCluster.Id(5).ToString()));
        Assert.Equal(1, (await StatusAsync(node)).Nodes);
        error = await Assert.ThrowsAsync<RpcException>(async () => await new V1.ServiceApi.ServiceApiClient(node)
            .ApplyAsync(Apply("x", "no")));
        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
    }

    [Fact]
    public async Task An_expired_certificate_is_good_for_nothing_here()
    {
        using var expired = fixture.Connect(fixture.Certify(PeerRole.Operator, "olga", TimeSpan.FromDays(2000)));
        var error = await Assert.ThrowsAsync<RpcException>(() => StatusAsync(expired));
        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
        Assert.Contains("expired", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_oversized_message_is_resource_exhausted_and_the_manager_lives()
    {
        using var channel = fixture.Connect(fixture.Certify(PeerRole.Operator, "olga"), maxSendMessageSize: null);
        var request = new V1.DeployRequest { RequestId = "big", Stack = new string('x', 5 << 20) };
        var error = await Assert.ThrowsAsync<RpcException>(async () => await new V1.StackApi.StackApiClient(channel).DeployAsync(request));
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Equal("mgrhost", (await StatusAsync(channel)).Leader);
    }

    [Fact]
    public async Task Malformed_messages_are_refused_and_the_manager_lives()
    {
        using var http = fixture.CreateHttp(fixture.Certify(PeerRole.Operator, "olga"));
        for (var seed = 0; seed < 50; seed++)
        {
            var bytes = new byte[20];
            new Random(seed).NextBytes(bytes);
            // Half of them a proper frame with a damaged message, half of them no frame at all.
            byte[] body = seed % 2 == 0 ? [0, 0, 0, 0, (byte)bytes.Length, .. bytes] : bytes;
            var (status, _) = await PostAsync(http, "/clustermanager.v1.ServiceApi/Apply", body);
            Assert.NotEqual(StatusCode.OK, status);
        }

        Assert.Equal(StatusCode.Unimplemented, (await PostAsync(http, "/clustermanager.v1.ServiceApi/Nothing", [0, 0, 0, 0, 0])).Status);
        using var channel = fixture.ConnectOperator();
        Assert.Equal("mgrhost", (await StatusAsync(channel)).Leader);
    }

    [Fact]
    public async Task A_spec_with_several_faults_comes_back_with_all_of_them()
    {
        using var channel = fixture.ConnectOperator();
        var request = Apply("Not_A_Label", "faults");
        (request.Spec.Replicas, request.Spec.ProgressDeadlineMs) = (10_001, long.MaxValue);
        var error =
            await Assert.ThrowsAsync<RpcException>(async () => await new V1.ServiceApi.ServiceApiClient(channel).ApplyAsync(request));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        var detail = V1.ErrorDetail.Parser.ParseFrom(error.Trailers.Single(one => one.Key == "cluster-error-bin").ValueBytes);
        Assert.Equal(["name", "replicas", "progress_deadline"], detail.Fields.Select(field => field.Field));
        var scale = new V1.ScaleRequest { RequestId = "huge", ProgressDeadlineMs = long.MaxValue };
        scale.Targets.Add(new V1.ScaleTarget { Name = new ServiceName("default", "x").ToWire(), Replicas = 1 });
        error = await Assert.ThrowsAsync<RpcException>(async () => await new V1.ServiceApi.ServiceApiClient(channel).ScaleAsync(scale));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task A_watcher_that_does_not_read_holds_nobody_up_and_grows_nothing()
    {
        using var channel = fixture.ConnectOperator();
        var api = new V1.ServiceApi.ServiceApiClient(channel);
        await api.ApplyAsync(Apply("watched", "watched-0"));
        using var lazy = api.Watch(new V1.ListServicesRequest { WithAllocations = true });
        using var keen = api.Watch(new V1.ListServicesRequest());
        Assert.True(await keen.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Soon));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 1; i <= 200; i++) await api.ApplyAsync(Apply("watched", $"watched-{i}", replicas: i % 2));
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 32 << 20);
        await Until.TrueAsync("the keen one has the newest", Soon, async () =>
        {
            Assert.True(await keen.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Soon));
            return keen.ResponseStream.Current.Services.Single(one => one.Name.Name == "watched").Rollout.Number > 1;
        });
        Assert.True(await lazy.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Soon));
    }

    [Fact]
    public async Task The_same_request_id_twice_is_one_change()
    {
        using var channel = fixture.ConnectOperator();
        var api = new V1.ServiceApi.ServiceApiClient(channel);
        var first = await api.ApplyAsync(Apply("once", "once-1"));
        var again = await api.ApplyAsync(Apply("once", "once-1"));
        Assert.Equal(first.Service, again.Service);
        Assert.Equal(V1.AppliedService.Types.Change.Created, again.Service.Change);
        var detail = await api.GetAsync(new V1.GetServiceRequest { Name = first.Service.Name });
        Assert.Equal("operator olga", detail.CreatedBy);
    }

    [Fact]
    public async Task A_session_without_a_hello_or_with_another_nodes_is_refused()
    {
        var id = ModelCluster.Id(6).ToString();
        using var channel = fixture.Connect(fixture.Certify(PeerRole.Node, id));
        var own = States();
        Assert.Equal(V1.Rejected.Types.Cause.NodeUnknown, await HelloAsync(channel, own with { NodeId = id }));
        Assert.Equal(V1.Rejected.Types.Cause.NodeUnknown, await HelloAsync(channel, own with { NodeId = ModelCluster.Id(1).ToString() }));
        Assert.Equal(V1.Rejected.Types.Cause.OtherCluster, await HelloAsync(channel, own with { NodeId = id, Cluster = "other" }));

        // A manager's certificate names its machine, which has a record.
        id = ModelCluster.Id(1).ToString();
        using var known = fixture.Connect(fixture.Certify(PeerRole.Manager, id));
        Assert.Equal(V1.Rejected.Types.Cause.Protocol, await HelloAsync(known, own with { NodeId = id, Protocol = 99 }));
        Assert.Equal(V1.Rejected.Types.Cause.StaleState, await HelloAsync(known, own with { NodeId = id, Incarnation = 2 }));
        Assert.Null(await HelloAsync(known, own with { NodeId = id }));
        using var call = new V1.AgentApi.AgentApiClient(known).Session();
        await call.RequestStream.WriteAsync(new V1.AgentMessage { Heartbeat = new V1.AgentHeartbeat() });
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Soon));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    private sealed record HelloOf(string NodeId, string Cluster, int Protocol, long Incarnation);

    private static HelloOf States() => new("", Support.States.Cluster.ToString(), 1, 1);

    /// <summary>Null: it was welcome.</summary>
    private static async Task<V1.Rejected.Types.Cause?> HelloAsync(ChannelBase channel, HelloOf of)
    {
        using var call = new V1.AgentApi.AgentApiClient(channel).Session();
        var applied = new StateVersion(of.Incarnation, 0, 0).ToWire();
        var hello =
            new V1.Hello { NodeId = of.NodeId, ClusterId = of.Cluster, ProtocolMin = of.Protocol, ProtocolMax = of.Protocol,
            Applied = applied };
        await call.RequestStream.WriteAsync(new V1.AgentMessage { Hello = hello });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Soon));
        return call.ResponseStream.Current.Rejected?.Cause;
    }

    private static V1.ApplyServiceRequest Apply(string name, string requestId, int replicas = 0) => new()
    {
        RequestId = requestId, Expect = V1.Expect.Any, Spec = Specs.Web(replicas, name: name).ToWire(),
    };

    private static async Task<V1.ClusterStatus> StatusAsync(ChannelBase channel) =>
        await new V1.ClusterApi.ClusterApiClient(channel).StatusAsync(new V1.StatusRequest());

    private static async Task<(StatusCode Status, HttpResponseMessage Response)> PostAsync(HttpClient http, string path, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        var response = await http.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();
        var values = response.TrailingHeaders.TryGetValues("grpc-status", out var trailing) ? trailing
            : response.Headers.GetValues("grpc-status");
        return ((StatusCode)int.Parse(values.Single()), response);
    }

    private async Task<HttpStatusCode> MetricsStatusAsync(PeerRole? role, string? token)
    {
        using var http = fixture.CreateHttp(role is { } known ? fixture.Certify(known, ModelCluster.Id(5).ToString()) : null);
        if (token is not null) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return (await http.GetAsync("/metrics")).StatusCode;
    }
}
