// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using ClusterManager.Grpc.Server;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Tests.Fixtures;

/// <summary>A manager over real gRPC without TLS, whose answers the test scripts. It remembers what it was asked.</summary>
internal sealed class FakeCluster : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeCluster(WebApplication app) => _app = app;

    public string Address => new Uri(_app.Urls.Single()).Authority;

    /// <summary>Every request, in order.</summary>
    public ConcurrentQueue<IMessage> Requests { get; } = new();

    /// <summary>What a unary call answers, by the request's type; a missing one is Unimplemented. May throw.</summary>
    public ConcurrentDictionary<Type, Func<IMessage, IMessage>> Answers { get; } = new();

    /// <summary>Snapshots that Watch sends; it ends when the channel is completed.</summary>
    public Channel<V1.ServicesSnapshot> Snapshots { get; set; } = Channel.CreateUnbounded<V1.ServicesSnapshot>();

    /// <summary>What Logs sends.</summary>
    public List<V1.LogBatch> Logs { get; } = [];

    /// <summary>The subjects of the certificates that callers showed.</summary>
    public ConcurrentQueue<string> Callers { get; } = new();

    /// <summary>Starts on a free loopback port.</summary>
    /// <param name="certificate">The manager's certificate; null: without TLS.</param>
    public static async Task<FakeCluster> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => Configure(listen, certificate)));
        var app = builder.Build();
        var cluster = new FakeCluster(app);
        app.Use((context, next) =>
        {
            if (context.Connection.ClientCertificate is { } caller) cluster.Callers.Enqueue(caller.Subject);
            return next(context);
        });
        app.UseRouting();
        app.MapGrpcService(V1.ServiceApi.BindService(new Services(cluster)));
        app.MapGrpcService(V1.StackApi.BindService(new Stacks(cluster)));
        app.MapGrpcService(V1.NodeApi.BindService(new Nodes(cluster)));
        app.MapGrpcService(V1.TokenApi.BindService(new Tokens(cluster)));
        app.MapGrpcService(V1.ClusterApi.BindService(new Clusters(cluster)));
        app.MapGrpcService(V1.ImageApi.BindService(new Images(cluster)));
        app.MapGrpcService(V1.PlanApi.BindService(new Plans(cluster)));
        await app.StartAsync();
        return cluster;
    }

    /// <summary>Scripts the answer to one kind of request.</summary>
    public FakeCluster On<TRequest, TAnswer>(Func<TRequest, TAnswer> answer)
        where TRequest : IMessage
        where TAnswer : IMessage
    {
        Answers[typeof(TRequest)] = request => answer((TRequest)request);
        return this;
    }

    /// <summary>The requests of one kind.</summary>
    public IReadOnlyList<T> Asked<T>() => [.. Requests.OfType<T>()];

    /// <summary>An error as managers send it.</summary>
    public static RpcException Error(V1.ErrorDetail.Types.Kind kind, string text, params string[] candidates)
    {
        var detail = new V1.ErrorDetail { Kind = kind, Text = text };
        detail.Candidates.AddRange(candidates);
        return new RpcException(new Status(StatusCode.FailedPrecondition, text),
            new Metadata { { "cluster-error-bin", detail.ToByteArray() } });
    }

    public async ValueTask DisposeAsync()
    {
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(impatience.Token);
        await _app.DisposeAsync();
    }

    private static void Configure(ListenOptions listen, X509Certificate2? certificate)
    {
        listen.Protocols = HttpProtocols.Http2;
        if (certificate is null) return;
        listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.AllowAnyClientCertificate();
        });
    }

    private Task<T> Answer<T>(IMessage request)
        where T : IMessage
    {
        Requests.Enqueue(request);
        if (!Answers.TryGetValue(request.GetType(), out var answer))
            throw new RpcException(new Status(StatusCode.Unimplemented, "not scripted"));
        return Task.FromResult((T)answer(request));
    }

    private sealed class Services(FakeCluster cluster) : V1.ServiceApi.ServiceApiBase
    {
        public override Task<V1.ApplyServiceResponse> Apply(V1.ApplyServiceRequest r, ServerCallContext c) =>
            cluster.Answer<V1.ApplyServiceResponse>(r);
        public override Task<V1.ApplyServiceResponse> Rollback(V1.RollbackRequest r, ServerCallContext c) =>
            cluster.Answer<V1.ApplyServiceResponse>(r);
        public override Task<V1.ApplyServiceResponse> ControlRollout(V1.ControlRolloutRequest r, ServerCallContext c) =>
            cluster.Answer<V1.ApplyServiceResponse>(r);
        public override Task<V1.ServiceHistory> History(V1.GetServiceRequest r, ServerCallContext c) =>
            cluster.Answer<V1.ServiceHistory>(r);
        public override Task<V1.ScaleResponse> Scale(V1.ScaleRequest r, ServerCallContext c) => cluster.Answer<V1.ScaleResponse>(r);
        public override Task<V1.RemoveServicesResponse> Remove(V1.RemoveServicesRequest r, ServerCallContext c) =>
            cluster.Answer<V1.RemoveServicesResponse>(r);
        public override Task<V1.ServicesSnapshot> List(V1.ListServicesRequest r, ServerCallContext c) =>
            cluster.Answer<V1.ServicesSnapshot>(r);
        public override Task<V1.ServiceDetail> Get(V1.GetServiceRequest r, ServerCallContext c) => cluster.Answer<V1.ServiceDetail>(r);
        public override Task<V1.Explanation> Explain(V1.ExplainRequest r, ServerCallContext c) => cluster.Answer<V1.Explanation>(r);

        public override async Task Watch(V1.ListServicesRequest r, IServerStreamWriter<V1.ServicesSnapshot> stream, ServerCallContext c)
        {
            cluster.Requests.Enqueue(r);
            var reader = cluster.Snapshots.Reader;
            while (await reader.WaitToReadAsync(c.CancellationToken))
                while (reader.TryRead(out var snapshot)) await stream.WriteAsync(snapshot);
        }

        public override async Task Logs(V1.LogsRequest r, IServerStreamWriter<V1.LogBatch> stream, ServerCallContext c)
        {
            cluster.Requests.Enqueue(r);
            foreach (var batch in cluster.Logs) await stream.WriteAsync(batch);
        }
    }

    private sealed class Images(FakeCluster cluster) : V1.ImageApi.ImageApiBase
    {
        public override Task<V1.ImageTags> Tags(V1.ImageTagsRequest r, ServerCallContext c) => cluster.Answer<V1.ImageTags>(r);
        public override Task<V1.LoginStatus> PutLogin(V1.PutLoginRequest r, ServerCallContext c) => cluster.Answer<V1.LoginStatus>(r);
        public override Task<V1.LoginList> Logins(V1.LoginsRequest r, ServerCallContext c) => cluster.Answer<V1.LoginList>(r);
        public override Task<V1.RemoveLoginResponse> RemoveLogin(V1.RemoveLoginRequest r, ServerCallContext c) =>
            cluster.Answer<V1.RemoveLoginResponse>(r);
        public override Task<V1.PinStatus> Pin(V1.PinRequest r, ServerCallContext c) => cluster.Answer<V1.PinStatus>(r);
        public override Task<V1.PinList> Pins(V1.PinsRequest r, ServerCallContext c) => cluster.Answer<V1.PinList>(r);
        public override Task<V1.UnpinResponse> Unpin(V1.UnpinRequest r, ServerCallContext c) => cluster.Answer<V1.UnpinResponse>(r);
    }

    private sealed class Plans(FakeCluster cluster) : V1.PlanApi.PlanApiBase
    {
        public override Task<V1.ChangePlan> Plan(V1.PlanRequest r, ServerCallContext c) => cluster.Answer<V1.ChangePlan>(r);
        public override Task<V1.RevisionDetail> Revision(V1.RevisionRequest r, ServerCallContext c) =>
            cluster.Answer<V1.RevisionDetail>(r);
        public override Task<V1.ReplaceResponse> Replace(V1.ReplaceRequest r, ServerCallContext c) =>
            cluster.Answer<V1.ReplaceResponse>(r);
        public override Task<V1.DriftReport> Drift(V1.DriftRequest r, ServerCallContext c) => cluster.Answer<V1.DriftReport>(r);
    }

    private sealed class Stacks(FakeCluster cluster) : V1.StackApi.StackApiBase
    {
        public override Task<V1.DeployResponse> Deploy(V1.DeployRequest r, ServerCallContext c) => cluster.Answer<V1.DeployResponse>(r);
        public override Task<V1.DeployResponse> Rollback(V1.StackRollbackRequest r, ServerCallContext c) =>
            cluster.Answer<V1.DeployResponse>(r);
        public override Task<V1.StackHistory> History(V1.StackHistoryRequest r, ServerCallContext c) =>
            cluster.Answer<V1.StackHistory>(r);
        public override Task<V1.StackList> List(V1.ListStacksRequest r, ServerCallContext c) => cluster.Answer<V1.StackList>(r);
        public override Task<V1.RemoveServicesResponse> Remove(V1.RemoveStackRequest r, ServerCallContext c) =>
            cluster.Answer<V1.RemoveServicesResponse>(r);
    }

    private sealed class Nodes(FakeCluster cluster) : V1.NodeApi.NodeApiBase
    {
        public override Task<V1.NodeList> List(V1.ListNodesRequest r, ServerCallContext c) => cluster.Answer<V1.NodeList>(r);
        public override Task<V1.NodeDetail> Get(V1.GetNodeRequest r, ServerCallContext c) => cluster.Answer<V1.NodeDetail>(r);
        public override Task<V1.UpdateNodeResponse> Update(V1.UpdateNodeRequest r, ServerCallContext c) =>
            cluster.Answer<V1.UpdateNodeResponse>(r);
        public override Task<V1.RemoveNodeResponse> Remove(V1.RemoveNodeRequest r, ServerCallContext c) =>
            cluster.Answer<V1.RemoveNodeResponse>(r);
        public override Task<V1.ConfirmLossResponse> ConfirmLoss(V1.ConfirmLossRequest r, ServerCallContext c) =>
            cluster.Answer<V1.ConfirmLossResponse>(r);
    }

    private sealed class Tokens(FakeCluster cluster) : V1.TokenApi.TokenApiBase
    {
        public override Task<V1.CreateTokenResponse> Create(V1.CreateTokenRequest r, ServerCallContext c) =>
            cluster.Answer<V1.CreateTokenResponse>(r);
        public override Task<V1.TokenList> List(V1.ListTokensRequest r, ServerCallContext c) => cluster.Answer<V1.TokenList>(r);
        public override Task<V1.RevokeTokenResponse> Revoke(V1.RevokeTokenRequest r, ServerCallContext c) =>
            cluster.Answer<V1.RevokeTokenResponse>(r);
    }

    private sealed class Clusters(FakeCluster cluster) : V1.ClusterApi.ClusterApiBase
    {
        public override Task<V1.ClusterStatus> Status(V1.StatusRequest r, ServerCallContext c) => cluster.Answer<V1.ClusterStatus>(r);

        public override Task<V1.Diagnosis> Diagnose(V1.DiagnoseRequest r, ServerCallContext c) => cluster.Answer<V1.Diagnosis>(r);
    }
}
